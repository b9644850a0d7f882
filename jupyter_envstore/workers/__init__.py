"""Programs that run in processes of their own: the resolver and the builder.

Only these load native solver code, so that whatever it does, the process that started them lives.
"""

"""What Alembic runs to migrate a catalog: always on the connection that the catalog's opening hands over."""

from alembic import context

from jupyter_envstore.catalog.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    # The caller holds the transaction, so that a migration happens wholly or not at all.
    transactional_ddl=False,
)
context.run_migrations()

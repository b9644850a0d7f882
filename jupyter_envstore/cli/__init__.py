"""``jupyter envstore …``: the calls of the store from a terminal.

Each command is in a module of its own kind and is imported only when it is used, so that a command starts fast.
Commands parse, call `EnvStore` and print; they decide nothing.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import click

from jupyter_envstore.cli.command import EXIT_STOPPED

_COMMANDS = {
    # command: the module that has it, and what it is called there
    "lock": "locking:lock",
    "create": "creating:create",
    "edit": "editing:edit",
    "update": "editing:update",
    "list": "reading:list_environments",
    "show": "reading:show",
    "versions": "reading:versions",
    "diff": "comparing:diff",
    "packages": "reading:packages",
    "platforms": "platforms:platforms",
    "activate": "switching:activate",
    "pin": "switching:pin",
    "unpin": "switching:unpin",
    "clone": "creating:clone",
    "rename": "renaming:rename",
    "kernel": "kernels:kernel",
    "notebook": "notebooks:notebook",
    "builds": "building:builds",
    "logs": "building:logs",
    "cancel": "building:cancel",
    "retry": "building:retry",
    "search": "searching:search",
    "export": "sharing:export",
    "import": "sharing:import_file",
    "find": "finding:find",
    "schedule": "scheduling:schedule",
    "remove": "removing:remove",
    "undelete": "removing:undelete",
    "verify": "verifying:verify",
    "repair": "verifying:repair",
    "run": "running:run",
    "shell": "running:shell",
    "policy": "policy:policy",
    "usage": "disk:usage",
    "collect": "disk:collect",
    "uninstall": "removing:uninstall",
}

_REF = "REF names an environment, or a version of it: name, namespace/name, name@3."


class _LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        place = _COMMANDS.get(name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"jupyter_envstore.cli.{module}"), attribute)
        return _explained(command)

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command, and tell wrong usage as JSON where that was asked for, as every other error."""
        given = arguments[0] if arguments else options.get("args")
        words = list(sys.argv[1:] if given is None else given)
        if "--json" not in words or options.get("standalone_mode") is False:
            return super().main(*arguments, **options)
        try:
            return super().main(*arguments, **{**options, "standalone_mode": False})
        except click.UsageError as error:
            report = {"message": error.format_message(), "code": "wrong_usage", "details": {}}
            click.echo(json.dumps(report, indent=2, ensure_ascii=False))
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(EXIT_STOPPED)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?", context) from error


def _explained(command: click.Command) -> click.Command:
    """Let a command's help say what the REF is that it takes."""
    names = [str(item.metavar or item.name).upper() for item in command.params if isinstance(item, click.Argument)]
    if "REF@N" in names:
        command.epilog = "REF@N names a version of an environment: name@3, namespace/name@3."
    elif "REF" in names:
        command.epilog = _REF
    return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--store", type=click.Path(), default=None, help="The store's folder.  [default: as configured]")
@click.version_option(package_name="jupyter_envstore", message="jupyter-envstore %(version)s")
@click.pass_context
def main(context: click.Context, store: str | None) -> Any:
    """Versioned, locked conda environments that appear as Jupyter kernels.

    REF names an environment, or a version of it: name, namespace/name, name@3.
    """
    context.obj = store

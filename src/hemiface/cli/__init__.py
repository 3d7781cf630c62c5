"""The command line: parse, call, print. One sentence for what goes wrong, and an exit code.

Exit codes: 0 done; 1 something could not be done (the sentence is on standard error); 2 the command
itself was wrong; 130 stopped with Ctrl-C.
"""

from importlib.metadata import entry_points
from typing import Any

import click

from hemiface import __version__
from hemiface.cli.annotate import annotate
from hemiface.cli.compare import compare
from hemiface.cli.course import course
from hemiface.cli.measure import measure
from hemiface.cli.mri import mri
from hemiface.cli.points import points
from hemiface.cli.simulate import simulate
from hemiface.errors import HemifaceError

STOPPED = 130


class Program(click.Group):
    """A group of commands whose failures end in one sentence and an exit code.

    Other packages add commands through the entry point `hemiface.commands`; they are looked for
    when a command is.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        self._add_others()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        if cmd_name not in self.commands:
            self._add_others()
        return super().get_command(ctx, cmd_name)

    def _add_others(self) -> None:
        for others in entry_points(group="hemiface.commands"):
            for command in others.load():
                self.add_command(command)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the arguments name."""
        try:
            return super().invoke(ctx)
        except HemifaceError as problem:
            raise click.ClickException(str(problem)) from problem
        except KeyboardInterrupt:
            click.echo("Stopped. What was finished is kept.", err=True)
            ctx.exit(STOPPED)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hemiface")
def main() -> None:
    """Measure hemifacial spasm from an ordinary video of a face, and run a clinic's website."""


main.add_command(measure)
main.add_command(simulate)
main.add_command(compare)
main.add_command(annotate)
main.add_command(course)
main.add_command(mri)
main.add_command(points)

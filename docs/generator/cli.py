"""The command line reference, from the commands themselves."""

from typing import Any

import typer

from generator.markdown import grid, page
from planner.cli import app


def command_line() -> Any:
    """The command line as a tree of commands with their parameters."""
    return typer.main.get_command(app)


def every_command() -> dict[str, Any]:
    """Every command by the words that call it, those of groups too: solve, cycle open."""
    named: dict[str, Any] = {}
    for name, command in command_line().commands.items():
        inner = getattr(command, "commands", None)
        named |= {name: command} if inner is None else {f"{name} {word}": one for word, one in inner.items()}
    return named


def parameter_row(parameter: Any) -> tuple[str, str, str]:
    """An argument or option, its default and its meaning."""
    is_argument = parameter.param_type_name == "argument"
    value = parameter.metavar or ("" if parameter.default is False else parameter.name.upper())
    written = f"`{value if is_argument else ' '.join([*parameter.opts, value]).strip()}`"
    default = (
        "required"
        if parameter.required
        else ""
        if parameter.default in (None, False)
        else f"`{parameter.default}`"
    )
    return written, default, parameter.help or ""


def command_section(name: str, command: Any) -> str:
    """Heading, help and parameters of one command."""
    shown = [parameter for parameter in command.params if parameter.name != "help"]
    arguments = [parameter.metavar for parameter in shown if parameter.param_type_name == "argument"]
    usage = " ".join(["planner", name, *arguments, *(["[OPTIONS]"] if len(arguments) < len(shown) else [])])
    options = grid(("argument or option", "default", "meaning"), map(parameter_row, shown))
    return "\n\n".join([f"## planner {name}", f"    {usage}", (command.help or "").strip(), options])


def cli_page() -> str:
    """The reference of the command line."""
    program = command_line()
    return page("Command line reference", (program.help or "").strip(), EXIT_CODES,
                *(command_section(name, command) for name, command in every_command().items()))


EXIT_CODES = """
Results go to stdout or to the folder named by `--output`, everything else to stderr.

| exit code | meaning |
| --- | --- |
| 0 | done; from `solve`, a plan |
| 1 | `audit` found something that does not add up; `cycle status`, something that is not as it was |
| 2 | bad input: every problem is listed with file, row, column, value and rule |
| 3 | infeasible: no plan keeps every hard limit; the limits in conflict are named |
| 4 | no plan within the time limit; from `solve --require-gap`, a plan, written, whose worst gap is larger |
| 70 | a fault of planner itself: the message says what to report |
| 130 | interrupted before the first plan; after it, the best plan found so far counts |
"""

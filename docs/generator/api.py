"""The reference of the Python interface, from signatures and docstrings."""

import inspect
from typing import Any

import planner
from generator.markdown import docstring, page

INTRODUCTION = """
Everything that a program needs is a name of `planner`. Names that are not on this page may change with any
version.

```python
import planner

plan = planner.solve("scenarios/baseline")
planner.write_report(plan, "page.html")
```
"""


def api_page() -> str:
    """The reference of every public name: verbs, things, errors."""
    named = {name: getattr(planner, name) for name in planner.__all__}
    verbs = [verb(name, thing) for name, thing in named.items() if inspect.isfunction(thing)]
    errors = [error(name, thing) for name, thing in named.items() if is_error(thing)]
    things = [kind(name, thing) for name, thing in named.items()
              if inspect.isclass(thing) and not is_error(thing)]
    return page("Python reference", INTRODUCTION, "## Verbs", *verbs, "## Things", *things, "## Errors",
                *errors)


def is_error(thing: Any) -> bool:
    """Whether it is raised."""
    return inspect.isclass(thing) and issubclass(thing, Exception)


def verb(name: str, function: Any) -> str:
    """Heading, signature and docstring of a function."""
    return f"### planner.{name}\n\n    {name}{written(function)}\n\n{docstring(function)}"


def kind(name: str, thing: Any) -> str:
    """Heading, docstring and public members of a class."""
    members = "\n".join(f"- `{member}`: {first_sentence(found)}" for member, found in public(thing).items())
    return f"### planner.{name}\n\n{docstring(thing)}\n\n{members}"


def error(name: str, thing: Any) -> str:
    """Heading and docstring of an error, and how the command line ends with it."""
    return f"### planner.{name}\n\n{docstring(thing)} Exit code {thing.exit_code}."


def public(thing: Any) -> dict[str, Any]:
    """The methods and properties that a class declares itself, as they are called."""
    found = {}
    for name, member in vars(thing).items():
        function = getattr(member, "fget", None) or getattr(member, "func", None) or getattr(
            member, "__func__", member)
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        found[name if function is not member and not isinstance(member, staticmethod)
              else f"{name}{written(function)}"] = function
    return found


def first_sentence(function: Any) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(docstring(function).split("\n\n")[0].split())


def written(function: Any) -> str:
    """Names and defaults of the arguments; the docstring says what they are."""
    parameters = [one.replace(annotation=inspect.Parameter.empty)
                  for one in inspect.signature(function).parameters.values() if one.name != "self"]
    return str(inspect.Signature(parameters))

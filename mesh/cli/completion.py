"""`mesh completion`: what makes a shell complete commands, options, their values and the names of methods.

Written from the parsers themselves, so it says what they take.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mesh.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXAMPLES = ('eval "$(mesh completion bash)"', "mesh completion fish")
_BASH = """\
_mesh() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="{commands}"
  else
    case "${{COMP_WORDS[1]}} $before" in
{values}
    *)
      case "${{COMP_WORDS[1]}}" in
{words}
      esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _mesh mesh
"""
_ZSH = "autoload -U +X bashcompinit && bashcompinit\n"


@dataclass(frozen=True, slots=True)
class Command:
    """What may follow a command: `options` with their help, the `values` of those that list them, and plain words."""

    help: str
    options: dict[tuple[str, ...], str] = field(default_factory=dict)
    values: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="for which shell")


def run(arguments: argparse.Namespace) -> int:
    """Print it. Nothing is asked of a mesh when a shell completes."""
    commands = _commands()
    if arguments.shell == "fish":
        print("\n".join(_fish(commands)))
    else:
        print(("" if arguments.shell == "bash" else _ZSH) + _bash(commands), end="")
    return 0


def _commands() -> Mapping[str, Command]:
    parser = main.build(*main.COMMANDS)
    found = {}
    for action in parser._actions:  # noqa: SLF001  # argparse has no public way to list what was declared
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, own in action.choices.items():
                found[name] = Command(main.COMMANDS[name])
                _collect(own, found[name])
    return found


def _collect(parser: argparse.ArgumentParser, command: Command) -> None:
    for action in parser._actions:  # noqa: SLF001
        names, text = tuple(action.option_strings), action.help or ""
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, own in action.choices.items():
                command.words[name] = ""
                _collect(own, command)
        elif names:
            command.options[names] = text
            if action.choices:
                command.values[names] = tuple(map(str, action.choices))
        elif action.choices:
            command.words.update(dict.fromkeys(map(str, action.choices), text))
        elif action.dest in ("method", "which"):
            command.words.update(dict.fromkeys(_methods(), ""))


def _methods() -> list[str]:
    from mesh.cli.methods import by_contract

    return [each.short_name for each in by_contract()]


def _bash(commands: Mapping[str, Command]) -> str:
    values, words = [], []
    for name, command in commands.items():
        for names, choices in command.values.items():
            patterns = "|".join(f'"{name} {option}"' for option in names)
            values.append(f'    {patterns}) words="{" ".join(choices)}" ;;')
        known = " ".join([*command.words, *(each for names in command.options for each in names)])
        words.append(f'      {name}) words="{known}" ;;')
    return _BASH.format(commands=" ".join(commands), values="\n".join(values), words="\n".join(words))


def _fish(commands: Mapping[str, Command]) -> Iterator[str]:
    for name, command in commands.items():
        yield f"complete -c mesh -f -n __fish_use_subcommand -a {name} -d {_quoted(command.help)}"
        within = f"complete -c mesh -n '__fish_seen_subcommand_from {name}'"
        for names, text in command.options.items():
            flags = " ".join(f"-l {each[2:]}" if each.startswith("--") else f"-s {each[1:]}" for each in names)
            values = f" -x -a {_quoted(' '.join(command.values[names]))}" if names in command.values else ""
            yield f"{within} {flags} -d {_quoted(text)}{values}"
        for word in command.words:
            yield f"{within} -a {_quoted(word)}"


def _quoted(text: str) -> str:
    """A word of fish, whose only escapes within quotes are those of the quote and of itself."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"

"""How names look to people: letters that cannot be seen, and names that look alike."""

import re
import unicodedata

# They join or part letters in Persian, in the scripts of India and in emoji.
JOINERS = frozenset("\u200c\u200d")
# Letters by the book, of which nothing can be seen.
EMPTY_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
CONTROLS = {"\t": "TAB", "\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\x1b": "ESCAPE"}
LAYOUT = frozenset("\n\r\t")
# Letters that are drawn like others: Cyrillic and Greek capitals, small letters, dashes and apostrophes.
TWINS = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
    "\u2010\u2011\u2012\u2013\u2014\u2212\u2018\u2019\u02bc",
    "ABEKMHOPCTYXSIJABEZHIKMNOPTYXaeopcyxsijaikvoptux------'''",
)
_SPACES = re.compile(r"\s+")
_PARTING = re.compile(r"(?<![0-9])[ _-]+|[ _-]+(?![0-9])")  # 1-11 and 11-1 are two numbers


def name_fault(text: str) -> str:
    """The first letter of the name that cannot be seen, with its code; empty when all can be."""
    if text.isascii() and text.isprintable():
        return ""
    for letter in text:
        if letter in EMPTY_LETTERS or not (letter.isprintable() or letter in JOINERS):
            return described(letter)
    return described(text[0]) if text and JOINERS.issuperset(text) else ""


def name_rule(fault: str) -> str:
    """What a name must be that holds the letter."""
    return f"a name must stand on one line, without control characters or invisible ones; it holds {fault}"


def text_rule(fault: str) -> str:
    """What a text must be that holds the letter."""
    return f"a text must have no control characters; it holds {fault}"


def text_fault(text: str) -> str:
    """The first control character of a text of several lines; empty when there is none."""
    if text.isprintable():
        return ""
    wrong = (letter for letter in text if unicodedata.category(letter) == "Cc" and letter not in LAYOUT)
    return described(next(wrong, ""))


def described(letter: str) -> str:
    """U+00A0 NO-BREAK SPACE; empty for nothing."""
    if not letter:
        return ""
    return f"U+{ord(letter):04X} {CONTROLS.get(letter) or unicodedata.name(letter, '')}".rstrip()


def appearance(name: str) -> str:
    """The same for names that people take for the same: case, spaces, the way accents are coded, twins of
    other alphabets and invisible letters do not count.
    """
    if name.isascii():
        return _SPACES.sub(" ", name).casefold()
    visible = "".join(letter for letter in name if letter.isprintable() or letter.isspace())
    latin = unicodedata.normalize("NFKC", visible).translate(TWINS)
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", latin.casefold()))


def spelling(name: str) -> str:
    """The same for names that are probably one name, spelled in two ways: GTX Pro and GTXPro, 00123 and 123.
    """
    bare = _PARTING.sub("", appearance(name))
    return bare.lstrip("0") or bare if bare.isdigit() else bare


def strange_letter(name: str, other: str) -> str:
    """The first letter by which the name differs from another that looks alike, with its code."""
    plain = set(other)
    return described(next((letter for letter in name if letter not in plain and not letter.isascii()), ""))


def plain_name(text: str) -> str:
    """The name on one line, without letters that nobody can see, accents coded one way."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    visible = "".join(letter if letter.isprintable() else " " if letter.isspace() else
                      letter if letter in JOINERS else "" for letter in text if letter not in EMPTY_LETTERS)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()

"""One input of a given size, and the command that reads it."""
import os


class Case:
    """files: path -> function of a size that returns text; share: cases with the same one are of the same kind, None: never in CI's share; always: in it every day."""

    def __init__(self, name, words, made, share=None, codes=(0, 1, 3), kind="", always=False):
        self.name, self.words, self.made, self.share, self.codes = name, tuple(words), made, share, codes
        self.kind = kind or name
        self.always = always

    def fill(self, directory, size):
        for path, make in self.made.items():
            full = os.path.join(directory, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as out:
                out.write(make(size) if callable(make) else make)

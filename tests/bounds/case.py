"""One input of a size, and the command that reads it."""
import os


class Case:
    """files: path -> function of a size that gives text; share: cases with the same one are the same kind, NULL: never in CI's share."""

    def __init__(self, name, words, made, share=None, codes=(0, 1, 3), kind=""):
        self.name, self.words, self.made, self.share, self.codes = name, tuple(words), made, share, codes
        self.kind = kind or name

    def fill(self, folder, size):
        for path, make in self.made.items():
            full = os.path.join(folder, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as out:
                out.write(make(size) if callable(make) else make)

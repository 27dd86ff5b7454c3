"""Draws the program's icon and writes what Windows shows of it: ``icons.py FOLDER VERSION``."""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 1024
BLUE, WHITE, PALE = "#1558b8", "#ffffff", "#cfe0f7"
RESOURCE = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}),
  kids=[
    StringFileInfo([StringTable('080404B0', [
      StringStruct('FileDescription', '毕业信息同步'),
      StringStruct('ProductName', 'gradsync'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('ProductVersion', '{version}'),
      StringStruct('OriginalFilename', 'gradsync.exe'),
    ])]),
    VarFileInfo([VarStruct('Translation', [0x0804, 1200])]),
  ])
"""
"""Language 0x0804 is Simplified Chinese, code page 1200 Unicode (Microsoft, VERSIONINFO)."""


def drawn() -> Image.Image:
    """Return the console's icon, a mortarboard, as pixels."""
    image = Image.new("RGBA", (SIDE, SIDE))
    pen = ImageDraw.Draw(image)

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * SIDE / 32, y * SIDE / 32) for x, y in points]

    pen.rounded_rectangle((0, 0, SIDE - 1, SIDE - 1), radius=SIDE / 4, fill=BLUE)
    pen.polygon(
        at((10, 17), (10, 21.2), (12.6, 23), (16, 23.6), (19.4, 23), (22, 21.2), (22, 17), (16, 19.8)),
        fill=PALE,
    )
    pen.polygon(at((5, 13.5), (16, 8.5), (27, 13.5), (16, 18.5)), fill=WHITE)
    pen.line(at((25.5, 14.5), (25.5, 20.5)), fill=WHITE, width=SIDE // 20)
    return image


def main(folder: Path, version: str) -> None:
    """Write the icon in the three systems' formats, and Windows' version resource."""
    image = drawn()
    image.save(folder / "icon.ico", sizes=[(side, side) for side in (16, 24, 32, 48, 64, 128, 256)])
    image.save(folder / "icon.icns")
    image.resize((256, 256)).save(folder / "icon.png")
    numbers = tuple(map(int, (*version.split("."), "0", "0", "0")[:4]))
    (folder / "version.txt").write_text(RESOURCE.format(numbers=numbers, version=version), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

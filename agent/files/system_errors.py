"""What the operating system says when a file or a stream cannot be used, in Chinese."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from agent.errors import UsageError

REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "系统不允许",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EEXIST: "已经有同名的文件",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EROFS: "这个位置是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "同时打开的文件太多",
    errno.EBUSY: "正被别的程序使用",
    errno.ETXTBSY: "正被别的程序使用",
    errno.ELOOP: "链接绕成了圈",
    errno.EIO: "磁盘读写出错",
    errno.EINVAL: "名字里有系统不允许的字符",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EXDEV: "不在同一个磁盘上",
    errno.ENODEV: "没有这个设备",
    errno.EADDRINUSE: "地址正被别的程序使用",
    errno.EADDRNOTAVAIL: "这台电脑没有这个地址",
    errno.ENOEXEC: "不是可以运行的程序",
    errno.EPIPE: "接收的一方已经关闭",
}
"""What is said for each error number of POSIX; Windows' own numbers are translated to these by Python."""


def os_reason(error: OSError) -> str:
    """Return a Chinese phrase for what the system said, with its number where no phrase is known."""
    known = REASONS.get(error.errno or 0)
    return known or f"系统错误 {error.errno or type(error).__name__}"


@contextmanager
def os_errors_told(problem: str, remedy: str) -> Iterator[None]:
    """Tell what the system says against a file or a folder as a ``UsageError``: the problem, the reason, and the remedy."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{problem}：{os_reason(error)}。", remedy) from None

"""Does everything go out once, whatever breaks? Real processes, killed and cut off, on both databases; the judge counts at the platforms.

`cases` says what may go wrong, `child` is the process to which it happens, `lane` plays a case and judges it, `suite` plays many side by side.
"""

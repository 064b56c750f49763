"""What runs in the reader's browser: nothing is loaded but the standard library and openpyxl.

The page sends what the reader filled in to `helhed.browser.page` and shows what comes back; nothing leaves the machine.
"""

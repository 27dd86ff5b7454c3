// Has the page fetched anew from where it is; what was chosen or filled in is gone with it, as it is not when a page is reloaded.
() => location.replace(location.href)

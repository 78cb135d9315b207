"""Puts "Send with Dropline" into the menu of Files: needs python3-nautilus, and is nothing without it."""

import subprocess

from gi.repository import GLib, GObject, Nautilus

# By language, as shared/text has the words: written in when the program is built.
NAMES = {}


def own_words():
    return next(NAMES[language] for language in GLib.get_language_names() if language in NAMES)


class SendWithDropline(GObject.GObject, Nautilus.MenuProvider):
    def get_file_items(self, *args):
        # Files before 43 gives its window first
        files = args[-1]
        # only what this computer can read: no phone, no server that is not mounted
        paths = [file.get_location().get_path() for file in files]
        if not paths or None in paths:
            return []
        item = Nautilus.MenuItem(name="Dropline::Send", label=own_words(), icon="dropline-desktop")
        item.connect("activate", self.send, paths)
        return [item]

    def send(self, _item, paths):
        subprocess.Popen(["dropline-desktop", *paths], start_new_session=True)

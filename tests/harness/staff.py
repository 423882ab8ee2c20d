"""A member of staff at the pages, with cookies and forms but without a browser."""

import re
import urllib.error
import urllib.parse
import urllib.request

TOKEN = re.compile(r'name="_csrf" value="([0-9a-f]+)"')


class Staff:
    """Somebody who signs in as the first user of a program."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.token = None
        self.post("/first-run", on="/first-run", name="ana", password="a long password of hers")

    def get(self, path):
        """The status, the address in the end, and the page; its forms are what is posted next."""
        return self.read(urllib.request.Request(self.base + path))

    def post(self, path, on, **fields):
        """Posts a form that stands on the page `on`."""
        self.get(on)
        body = urllib.parse.urlencode({"_csrf": self.token or "", **fields}).encode()
        return self.read(urllib.request.Request(self.base + path, data=body))

    def read(self, request):
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            page = answer.read().decode()
        found = TOKEN.search(page)
        self.token = found and found.group(1)
        return answer.status, answer.geturl().removeprefix(self.base), page

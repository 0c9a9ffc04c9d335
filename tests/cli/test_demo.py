"""The first command of the README: from nothing to a page that a member signs in to."""

import http.cookiejar
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def read(opened, address, data=None, patience=60):
    """The page, once the server listens."""
    sent = urllib.parse.urlencode(data).encode() if data else None
    for _ in range(patience * 5):
        try:
            with opened.open(urllib.request.Request(address, sent), timeout=30) as answer:
                return answer.url, answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"nobody answers at {address}")


def test_the_first_demo_is_served_and_its_members_can_sign_in(tmp_path):
    home, port = tmp_path / "a demo", free_port()
    command = [sys.executable, "-m", "comuna", "demo", "--home", str(home), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        try:
            while demo.poll() is None and not (home / "demo-members.json").exists():
                time.sleep(0.2)
            sheet = json.loads((home / "demo-members.json").read_text("utf-8"))[0]
            cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
            opened = urllib.request.build_opener(cookies)
            door = f"http://127.0.0.1:{port}/{sheet['body']}/sign-in"
            _, page = read(opened, door)
            token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
            given = {"number": sheet["member"], "secret": sheet["pin"]}
            address, _ = read(opened, door, {**given, "csrfmiddlewaretoken": token}, patience=5)
            assert address.endswith("/now")
            second = subprocess.run(command, capture_output=True, text=True, check=False)
            assert second.returncode == 2
            assert "--port N says another" in second.stderr
            assert "Traceback" not in second.stderr
        finally:
            demo.terminate()

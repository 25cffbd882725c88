"""Browsers that could be looking: every number is another visitor, and none looks like a robot."""

PATTERNS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/{a}.0.{b}.{c} Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_{d} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/16.{d} Mobile/15E{b} Safari/604.1",
    "Mozilla/5.0 (Linux; Android 13; SM-A{b}B) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/{a}.0.5615.{c} Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.{d}.{b}"
    " Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{a}.0) Gecko/20100101 Firefox/{a}.{b}",
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def browser(number: int) -> str:
    pattern = PATTERNS[number % len(PATTERNS)]
    return pattern.format(a=108 + number % 12, b=1_000 + number, c=number % 200, d=number % 7)

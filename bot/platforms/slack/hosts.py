"""Is an address Slack's own? Tokens and answers go nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

OWN_DOMAINS = (".slack.com", ".slack-gov.com")


def is_slacks_own(url: str, api_url: str) -> bool:
    """Whether it is one of Slack's hosts, or the one that stands for Slack in the settings."""
    try:
        asked, own = urlsplit(url), urlsplit(api_url)
        return (asked.scheme == "https" and (asked.hostname or "").endswith(OWN_DOMAINS)) or (asked.scheme, asked.netloc) == (own.scheme, own.netloc)
    except ValueError:
        return False

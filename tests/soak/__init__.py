"""Does every record leave the chain's loop exactly once, however often brokers and members die?"""


def work_topic(service: str) -> str:
    """Where its records come from."""
    return f"{service}.work"


def out_topic(service: str) -> str:
    """Where it copies them to."""
    return f"{service}.out"

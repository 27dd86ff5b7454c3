"""Photo tests; `agent.photo` comes first because it keeps numpy to one thread."""

import agent.photo as agent_photo

__all__ = ["agent_photo"]

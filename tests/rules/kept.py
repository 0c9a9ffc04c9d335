"""A state of a body, kept to begin with again and again."""

import io
import pickle

import msgspec


class Kept:
    """A state as it was, to begin with it again and again. What never changes (statutes, effects,
    accounts) is one for all its copies."""

    def __init__(self, state):
        shared, into = {}, io.BytesIO()

        class Sharing(pickle.Pickler):
            def persistent_id(self, value):
                if not isinstance(value, msgspec.Struct) or not value.__struct_config__.frozen:
                    return None
                shared[id(value)] = value
                return id(value)

        class Shared(pickle.Unpickler):
            persistent_load = shared.__getitem__

        Sharing(into, pickle.HIGHEST_PROTOCOL).dump(state)
        self.data, self.reader = into.getvalue(), Shared

    def fresh(self):
        """The state again, in a copy of its own."""
        return self.reader(io.BytesIO(self.data)).load()

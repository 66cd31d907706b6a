"""Records as their OpenAPI describes them, held by schemathesis against a running service: no answer is a surprise."""

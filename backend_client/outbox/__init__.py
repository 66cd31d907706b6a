"""What waits at a device to be sent: the rules of sending it, of waiting, and of when no more is taken in.

Pure of any disk and of Kivy: where items lie is the device's own affair, behind ``port.OutboxStore``.
"""

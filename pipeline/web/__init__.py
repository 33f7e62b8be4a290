"""What comes from the network: pages (fetch), feeds and their lists, robots.txt, and the watch over them.

This is the only package that opens connections to addresses that users or feeds give.
"""

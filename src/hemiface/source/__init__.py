"""Files in, frames out: any video that FFmpeg decodes, streamed, upright, at its own times."""

from hemiface.source.files import find_videos
from hemiface.source.prefetch import prefetch
from hemiface.source.video import Frame, Video, open_video

__all__ = ["Frame", "Video", "find_videos", "open_video", "prefetch"]

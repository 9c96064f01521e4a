namespace Jobwatch.SseEdge.Sharing;

/// <summary>Room for the frames of a chunk, and for what is known of each; the marks grow with their number.</summary>
internal readonly record struct ChunkPlace(byte[] Bytes, FrameMark[] Marks)
{
    private const int FirstMarks = 8;

    public static ChunkPlace Of(int bytes) => new(new byte[bytes], new FrameMark[FirstMarks]);
}

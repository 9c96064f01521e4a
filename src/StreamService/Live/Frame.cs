using System.Buffers;

namespace Jobwatch.StreamService.Live;

/// <summary>One message of a watch as it goes on the wire: the protobuf bytes of a <c>WatchJobResponse</c>.</summary>
internal abstract class Frame
{
    /// <summary>How many bytes <see cref="WriteTo"/> writes.</summary>
    public abstract int Length { get; }

    public abstract void WriteTo(IBufferWriter<byte> writer);
}

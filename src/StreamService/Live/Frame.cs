namespace Jobwatch.StreamService.Live;

/// <summary>One message of a watch as it goes on the wire: the protobuf bytes of a watch's response, behind gRPC's header.</summary>
internal abstract class Frame
{
    /// <summary>The bytes of gRPC's header: 0 for a message that is not compressed, and its length, the most significant byte first.</summary>
    /// <seealso href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md"/>
    public const int HeaderLength = 5;

    /// <summary>How many bytes it has with its header.</summary>
    public abstract int Length { get; }

    /// <summary>Whether it tells an event.</summary>
    public virtual bool IsEvent => false;

    /// <summary>Copies it with its header to the beginning of a place.</summary>
    public abstract void CopyTo(Span<byte> place);
}

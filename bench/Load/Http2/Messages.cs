using System.Buffers.Binary;

namespace Jobwatch.Bench.Http2;

/// <summary>Puts gRPC's length-prefixed messages together from the DATA of one stream.</summary>
internal sealed class Messages
{
    private const int PrefixBytes = 5;

    private byte[] _pending = [];
    private int _length;

    /// <summary>Gets each message, true only during the call.</summary>
    public delegate void Receiver(ReadOnlySpan<byte> message);

    public static byte[] WithPrefix(ReadOnlySpan<byte> message)
    {
        var framed = new byte[PrefixBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsSpan(PrefixBytes));
        return framed;
    }

    public void Add(ReadOnlySpan<byte> data, Receiver receive)
    {
        if (_length > 0)
        {
            if (_pending.Length < _length + data.Length)
            {
                Array.Resize(ref _pending, (_length + data.Length) * 2);
            }

            data.CopyTo(_pending.AsSpan(_length));
            data = _pending.AsSpan(0, _length + data.Length);
        }

        while (data.Length >= PrefixBytes && BinaryPrimitives.ReadInt32BigEndian(data[1..]) is var length && data.Length >= PrefixBytes + length)
        {
            receive(data.Slice(PrefixBytes, length));
            data = data[(PrefixBytes + length)..];
        }

        if (_pending.Length < data.Length)
        {
            Array.Resize(ref _pending, data.Length * 2);
        }

        data.CopyTo(_pending);
        _length = data.Length;
    }
}

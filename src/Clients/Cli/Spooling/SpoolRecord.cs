using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Jobwatch.Cli.Spooling;

/// <summary>A record of the file: length and CRC-32C of the content, 4 bytes each, little endian, then the content.</summary>
internal static class SpoolRecord
{
    internal const int PrefixBytes = 8;

    /// <summary>Far more than the server takes in one event. A length beyond it is no length.</summary>
    internal const int MaxContentBytes = 1 << 20;

    internal static void Write(IBufferWriter<byte> output, IMessage message)
    {
        var length = message.CalculateSize();
        var record = output.GetSpan(PrefixBytes + length)[..(PrefixBytes + length)];
        message.WriteTo(record[PrefixBytes..]);
        Complete(record);
        output.Advance(record.Length);
    }

    internal static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> content)
    {
        var record = output.GetSpan(PrefixBytes + content.Length)[..(PrefixBytes + content.Length)];
        content.CopyTo(record[PrefixBytes..]);
        Complete(record);
        output.Advance(record.Length);
    }

    /// <summary>Takes the next record off the data; false if it is not there whole and sound.</summary>
    internal static bool TryRead(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (data.Length < PrefixBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(data);
        if (length is < 0 or > MaxContentBytes || data.Length - PrefixBytes < length)
            return false;
        content = data.Slice(PrefixBytes, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) != Checksum(content))
            return false;
        data = data[(PrefixBytes + length)..];
        return true;
    }

    private static void Complete(Span<byte> record)
    {
        var content = record[PrefixBytes..];
        BinaryPrimitives.WriteInt32LittleEndian(record, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(content));
    }

    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        // Begins with all ones: a run of zeros, as a torn write may leave it, must not check out.
        var sum = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        foreach (var word in words)
            sum = BitOperations.Crc32C(sum, word);
        foreach (var rest in content[(words.Length * sizeof(ulong))..])
            sum = BitOperations.Crc32C(sum, rest);
        return sum;
    }
}

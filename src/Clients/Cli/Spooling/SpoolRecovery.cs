using System.Text.Json;
using Google.Protobuf;
using Jobwatch.V1;
using Microsoft.Win32.SafeHandles;

namespace Jobwatch.Cli.Spooling;

/// <summary>What a spool that was left behind holds, up to its last whole record.</summary>
internal sealed record SpoolRecovery(SpoolHeader Header, long Start, long End, long Events, bool HasEnd)
{
    private const int ChunkBytes = 4 << 20;

    /// <summary>Reads the file through; null if its beginning is not there.</summary>
    internal static SpoolRecovery? Read(SafeFileHandle file, ReadOnlySpan<byte> magic)
    {
        var buffer = new byte[ChunkBytes];
        ReadOnlySpan<byte> data = buffer.AsSpan(0, RandomAccess.Read(file, buffer, 0));
        if (!data.StartsWith(magic))
            return null;
        data = data[magic.Length..];
        if (!SpoolRecord.TryRead(ref data, out var header))
            return null;

        long start = magic.Length + SpoolRecord.PrefixBytes + header.Length;
        var found = new SpoolRecovery(ParseHeader(header), start, start, 0, false);
        while (found.Next(file, buffer) is { } further)
            found = further;
        return found;
    }

    // One chunk further, or null where no whole record follows.
    private SpoolRecovery? Next(SafeFileHandle file, byte[] buffer)
    {
        ReadOnlySpan<byte> data = buffer.AsSpan(0, RandomAccess.Read(file, buffer, End));
        var (end, events, hasEnd) = (End, Events, HasEnd);
        while (SpoolRecord.TryRead(ref data, out var content) && TryParse(content) is { } one)
        {
            end += SpoolRecord.PrefixBytes + content.Length;
            events++;
            hasEnd |= Spool.IsEnd(one);
        }

        return end == End ? null : this with { End = end, Events = events, HasEnd = hasEnd };
    }

    private static SpoolHeader ParseHeader(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize<SpoolHeader>(content) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException unknown)
        {
            throw new InvalidDataException($"its header can't be understood ({unknown.Message})", unknown);
        }
    }

    private static ExecutionEvent? TryParse(ReadOnlySpan<byte> content)
    {
        try
        {
            return ExecutionEvent.Parser.ParseFrom(content);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}

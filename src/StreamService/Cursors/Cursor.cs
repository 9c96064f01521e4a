using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Cursors;

/// <summary>
/// A point in a job's log, «strictly after this position». The token is 40 URL-safe characters: a version, eight bytes
/// that tell the tenant and job apart, the incarnation, the position and a checksum, so that a torn or mistyped
/// token is told from one of another job. It is no secret and no permission: what it reads is decided by credentials.
/// </summary>
/// <param name="Job">Which tenant and job, as eight bytes of a hash.</param>
/// <param name="Incarnation">Which life of the job; 0 for a job that was not there yet.</param>
/// <param name="Position">The position that has been passed; 0 before the first event.</param>
/// <param name="Awaits">Whether it is of a watch whose execution had not begun yet.</param>
internal readonly record struct Cursor(ulong Job, long Incarnation, long Position, bool Awaits = false)
{
    private const byte Version = 1;

    // Makes the last byte a part of what is checked.
    private const uint AwaitingCheck = 0x5A5A_5A5A;

    private const int Length = 1 + 8 + 8 + 8 + 4 + 1;

    /// <summary>Characters of a token.</summary>
    public const int TokenLength = 40;

    public static Cursor After(JobLog log, long position) => new(Fingerprint(log.Job), log.Incarnation, position);

    /// <summary>Stands before the first event of a job that is not there yet.</summary>
    public static Cursor BeforeFirst(JobKey job) => new(Fingerprint(job), 0, 0);

    public static bool TryParse(string token, out Cursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (token.Length != TokenLength || !Base64Url.IsValid(token)
            || !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != Length
            || bytes[0] != Version || bytes[^1] > 1
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[25..]) != Check(bytes[..25], bytes[^1] == 1))
        {
            return false;
        }

        cursor = new Cursor(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[9..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[17..]),
            bytes[^1] == 1);
        return cursor.Position >= 0;
    }

    /// <summary>Writes the token's <see cref="TokenLength"/> ASCII bytes.</summary>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], Job);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Incarnation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], Position);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[25..], Check(bytes[..25], Awaits));
        bytes[^1] = Awaits ? (byte)1 : (byte)0;
        Base64Url.EncodeToUtf8(bytes, destination);
    }

    public override string ToString()
    {
        Span<byte> token = stackalloc byte[TokenLength];
        Write(token);
        return Encoding.ASCII.GetString(token);
    }

    private static uint Check(ReadOnlySpan<byte> bytes, bool awaits) => Crc32.HashToUInt32(bytes) ^ (awaits ? AwaitingCheck : 0);

    public static ulong Fingerprint(JobKey job)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{job.Tenant}/{job.JobId}"), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// What Marten's unique index on event ids holds: the producer's event id bound to its tenant and job, since an id
/// means something only within its job. Made as a UUID of version 8 (RFC 9562, 5.8): the first 48 bits are the
/// producer's, the time in a version 7 id, so that new keys stay close together in the index; the rest is of a SHA-256.
/// </summary>
internal static class EventKey
{
    public static Guid Of(JobKey job, Guid eventId)
    {
        Span<byte> name = stackalloc byte[16 + (2 * 64 * 3)];
        eventId.TryWriteBytes(name, bigEndian: true, out _);
        var length = 16;
        length += Encoding.UTF8.GetBytes(job.Tenant, name[length..]);
        name[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(job.JobId, name[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name[..length], hash);
        name[..6].CopyTo(hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}

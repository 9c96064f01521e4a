using System.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Http2;
using Jobwatch.Bench.Watching;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.Bench.Peers.Etcd;

/// <summary>A watcher of one key.</summary>
internal sealed class EtcdWatcher(Uri server, string key) : GrpcWatcher(server, "/etcdserverpb.Watch/Watch", Request(key), last: 0)
{
    private const byte Text = 2;

    // WatchResponse: created = 3, events = 11; Event: kv = 2.
    protected override void TakeMessage(ReadOnlySpan<byte> message)
    {
        var fields = new WireFields(message);
        while (fields.Next())
        {
            if (fields.Number == 3)
            {
                IsLive |= fields.Varint != 0;
            }
            else if (fields.Number == 11)
            {
                Saw(Mark.Find(ValueOf(Field(fields.Bytes, 2))));
            }
        }
    }

    // KeyValue: value = 5.
    private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> pair) => Field(pair, 5);

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> message, int number)
    {
        var fields = new WireFields(message);
        while (fields.Next())
        {
            if (fields.Number == number)
            {
                return fields.Bytes;
            }
        }

        throw new InvalidDataException($"An event of etcd has no field {number}.");
    }

    // WatchRequest: create_request = 1; WatchCreateRequest: key = 1.
    private static byte[] Request(string key)
    {
        byte[] create = [(1 << 3) | Text, checked((byte)key.Length), .. Encoding.ASCII.GetBytes(key)];
        return Messages.WithPrefix([(1 << 3) | Text, checked((byte)create.Length), .. create]);
    }
}

using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Http2;
using Jobwatch.Bench.Machine;

namespace Jobwatch.Bench.Peers.Etcd;

/// <summary>Puts values over raw gRPC; etcd acknowledges what it has flushed.</summary>
internal sealed class EtcdPublisher(Uri server, IReadOnlyList<string> keys, int underWay) : Publisher
{
    private readonly UnaryCalls _calls = new(server, "/etcdserverpb.KV/Put", underWay);
    private readonly byte[][] _requests = [.. keys.Select(Request)];
    private readonly long[] _numbers = new long[keys.Count];

    public static async Task<long> PutAsync(Uri server, IReadOnlyList<string> keys, TimeSpan duration)
    {
        var counts = await Task.WhenAll(keys.Select(key => OwnThread.RunAsync(() =>
        {
            using var publisher = new EtcdPublisher(server, [key], underWay: 1);
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < duration)
            {
                publisher.Publish(0, 1, stamp: 0);
            }

            return publisher._numbers[0];
        })));
        return counts.Sum();
    }

    public override void Publish(int topic, int events, long stamp)
    {
        var request = _requests[topic];
        for (var i = 0; i < events; i++)
        {
            Mark.Write(request.AsSpan(request.AsSpan().IndexOf(Mark.Sign)), ++_numbers[topic], stamp);
            _calls.Call(request);
        }
    }

    public override void Finish() => _calls.Await(0);

    public override void Dispose() => _calls.Dispose();

    // PutRequest: key = 1, value = 2.
    private static byte[] Request(string key)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString(key);
            output.WriteTag(2, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(EventShape.Json, Encoding.ASCII));
        }

        return Messages.WithPrefix(bytes.ToArray());
    }
}

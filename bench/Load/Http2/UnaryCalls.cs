using System.Text;

namespace Jobwatch.Bench.Http2;

/// <summary>
/// Calls of one unary method on one connection, a bounded number of them under way: with 1 it is a client that waits for
/// each answer. A call that is not answered OK ends the bench.
/// </summary>
internal sealed class UnaryCalls(Uri server, string path, int maxUnderWay) : IDisposable
{
    private readonly Connection _connection = new(server, path);
    private int _underWay;

    /// <summary>Sends a framed message when there is room for it, and then waits until there is room for another.</summary>
    public void Call(ReadOnlySpan<byte> message)
    {
        while (!_connection.Takes(message.Length))
        {
            Read();
        }

        _connection.Call(message);
        _underWay++;
        Await(maxUnderWay - 1);
    }

    /// <summary>Waits until no more calls than this are unanswered.</summary>
    public void Await(int underWay)
    {
        while (_underWay > underWay)
        {
            Read();
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Read()
    {
        var frame = _connection.Read();
        if (!frame.EndsStream)
        {
            return;
        }

        if (!HeaderBlock.SaysOk(frame.Payload))
        {
            throw new IOException($"A call failed: {Encoding.Latin1.GetString(frame.Payload)}");
        }

        _underWay--;
    }
}

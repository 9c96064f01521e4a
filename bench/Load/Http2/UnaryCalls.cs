namespace Jobwatch.Bench.Http2;

/// <summary>Calls of one unary method, one after the other, as a client that waits for each answer makes them.</summary>
internal sealed class UnaryCalls(Uri server, string path) : IDisposable
{
    private readonly Connection _connection = new(server, path);

    /// <summary>Sends a framed message and waits for the answer; throws unless it is OK.</summary>
    public void Call(ReadOnlySpan<byte> message)
    {
        while (!_connection.Takes(message.Length))
        {
            _connection.Read();
        }

        var stream = _connection.Call(message);
        while (true)
        {
            var frame = _connection.Read();
            if (frame.Stream == stream && frame.EndsStream)
            {
                if (!HeaderBlock.SaysOk(frame.Payload))
                {
                    throw new IOException($"A call failed: {System.Text.Encoding.Latin1.GetString(frame.Payload)}");
                }

                return;
            }
        }
    }

    public void Dispose() => _connection.Dispose();
}

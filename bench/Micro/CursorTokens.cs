using BenchmarkDotNet.Attributes;
using Jobwatch.StreamService.Cursors;

namespace Jobwatch.Bench.Micro;

/// <summary>A cursor's token: one is made for each event, and one is read for each watch that resumes.</summary>
public class CursorTokens
{
    private readonly byte[] _token = new byte[Cursor.TokenLength];
    private readonly string _text = Cursor.After(Sample.Log, 123_456).ToString();
    private readonly LogCursors _cursors = new(Sample.Log);

    [Benchmark]
    public byte Encode()
    {
        _cursors.After(123_456).Write(_token);
        return _token[^1];
    }

    [Benchmark]
    public bool Decode() => Cursor.TryParse(_text, out _);
}

using System.Buffers;
using System.Text;

namespace Jobwatch.Cli.Running;

/// <summary>
/// Cuts a byte stream into lines at LF or CRLF. What is longer than <see cref="MaxBytes"/> is cut there (between characters), and each
/// piece is a line. Bytes that are no UTF-8, and NUL, become U+FFFD.
/// </summary>
internal sealed class LineSplitter(Action<string> line)
{
    internal const int MaxBytes = 65_536;

    private readonly ArrayBufferWriter<byte> _rest = new();

    internal void Feed(ReadOnlySpan<byte> bytes)
    {
        for (var end = bytes.IndexOf((byte)'\n'); end >= 0; end = bytes.IndexOf((byte)'\n'))
        {
            Take(bytes[..end]);
            EndLine();
            bytes = bytes[(end + 1)..];
        }

        Take(bytes);
    }

    /// <summary>The stream is over: a last line without an end counts too.</summary>
    internal void Finish()
    {
        if (_rest.WrittenCount > 0)
            EndLine();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (_rest.WrittenCount + bytes.Length > MaxBytes)
        {
            var part = bytes[..(MaxBytes - _rest.WrittenCount)];
            _rest.Write(part);
            bytes = bytes[part.Length..];

            var whole = WholeCharacters(_rest.WrittenSpan);
            var over = _rest.WrittenSpan[whole..].ToArray();
            line(Text(_rest.WrittenSpan[..whole]));
            _rest.ResetWrittenCount();
            _rest.Write(over);
        }

        _rest.Write(bytes);
    }

    private void EndLine()
    {
        var bytes = _rest.WrittenSpan;
        line(Text(bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes));
        _rest.ResetWrittenCount();
    }

    // Without the last character where its bytes may go on beyond the end.
    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= 3; back++)
        {
            var one = bytes[^back];
            if (one >= 0xC0)
                return back < (one >= 0xF0 ? 4 : one >= 0xE0 ? 3 : 2) ? bytes.Length - back : bytes.Length;
            if (one < 0x80)
                break;
        }

        return bytes.Length;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD');
}

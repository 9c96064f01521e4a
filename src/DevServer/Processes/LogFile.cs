namespace Jobwatch.DevServer.Processes;

/// <summary>A child's output on disk: at most two files of <see cref="MostBytes"/>, the older one with <c>.1</c> at its end.</summary>
internal sealed class LogFile : IDisposable
{
    public const long MostBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private StreamWriter _writer;

    public LogFile(string path)
    {
        Path = path;
        _writer = Open();
    }

    public string Path { get; }

    public void Write(string line)
    {
        lock (_gate)
        {
            if (_writer.BaseStream.Position > MostBytes)
            {
                _writer.Dispose();
                File.Move(Path, Path + ".1", overwrite: true);
                _writer = Open();
            }
            _writer.WriteLine(line);
        }
    }

    public void Dispose() => _writer.Dispose();

    private StreamWriter Open() =>
        new(new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
}

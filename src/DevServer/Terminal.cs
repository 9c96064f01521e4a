namespace Jobwatch.DevServer;

/// <summary>What the person at the terminal reads: progress on stdout, trouble on stderr.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    private readonly Lock _gate = new();

    public void Say(string line) => Write(output, line);

    public void Warn(string line) => Write(error, line);

    private void Write(TextWriter writer, string line)
    {
        lock (_gate)
        {
            try
            {
                writer.WriteLine(line);
                writer.Flush();
            }
            catch (IOException)
            {
                // The terminal is gone: the servers go on until they are told to stop.
            }
        }
    }
}

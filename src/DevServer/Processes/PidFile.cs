namespace Jobwatch.DevServer.Processes;

/// <summary>Remembers a process for the next server, should this one not come to end it.</summary>
internal sealed class PidFile(string path)
{
    public void Write(ProcessIdentity process) => File.WriteAllText(path, process.ToString());

    /// <summary>The remembered process when it still lives.</summary>
    public ProcessIdentity? Read() =>
        File.Exists(path) && ProcessIdentity.Parse(File.ReadAllText(path).Trim()) is { IsAlive: true } process ? process : null;

    public void Delete() => File.Delete(path);
}

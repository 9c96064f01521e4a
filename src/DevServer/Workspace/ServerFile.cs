using System.Text.Json;

namespace Jobwatch.DevServer.Workspace;

/// <summary>
/// Says where the running server is, so that the CLI finds it: in the data folder, and in ~/.jobwatch for whoever
/// doesn't know the data folder. The server that started last is the one found there.
/// </summary>
/// <param name="HttpAddress">The edge's, as http://HOST:PORT.</param>
/// <param name="GrpcAddress">The node's, likewise.</param>
/// <param name="TokenFile">The path of a file that holds a bearer token.</param>
/// <param name="Pid">The server's process.</param>
internal sealed record ServerFile(string HttpAddress, string GrpcAddress, string TokenFile, int Pid)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static string Pointer =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".jobwatch", "server.json");

    public void Write(DataFolder folder, Terminal terminal)
    {
        SecretFile.Write(folder.ServerFile, JsonSerializer.Serialize(this, Format) + "\n");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Pointer)!);
            SecretFile.Write(Pointer, JsonSerializer.Serialize(this, Format) + "\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            terminal.Warn($"Can't write {Pointer}, so the CLI won't find this server by itself: {failure.Message}");
        }
    }

    /// <summary>Removes both, unless another server has written them since.</summary>
    public void Remove(DataFolder folder)
    {
        foreach (string path in (string[])[folder.ServerFile, Pointer])
        {
            if (ProcessOf(path) == Pid)
                File.Delete(path);
        }
    }

    private static int? ProcessOf(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerFile>(File.ReadAllText(path), Format)?.Pid;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

using System.Diagnostics;
using Jobwatch.DevServer.Processes;

namespace Jobwatch.DevServer;

/// <summary>What node and edge have in common: a built .NET program with settings in its environment and a /readyz.</summary>
internal static class DotnetChild
{
    public static ProcessStartInfo Command(string dll, Dictionary<string, string> settings)
    {
        var command = OwnSession.Command("dotnet", dll);
        // Its appsettings.json lies beside it.
        command.WorkingDirectory = Path.GetDirectoryName(dll);
        command.Environment["Logging__Console__FormatterName"] = "json";
        command.Environment["Logging__Console__FormatterOptions__TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ";
        command.Environment["Logging__Console__FormatterOptions__UseUtcTimestamp"] = "true";
        foreach (var (name, value) in settings)
            command.Environment[name] = value;
        return command;
    }

    public static async Task<bool> IsReadyAsync(HttpClient http, string address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address + "/readyz"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

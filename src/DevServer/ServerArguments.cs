using System.Globalization;

namespace Jobwatch.DevServer;

/// <summary>The command line.</summary>
internal sealed record ServerArguments
{
    private static readonly string[] Known = ["--http-port", "--grpc-port", "--data", "--node", "--edge"];

    public int HttpPort { get; private init; } = 8080;

    public int GrpcPort { get; private init; } = 8081;

    public string Data { get; private init; } = "";

    /// <summary>The built programs; run.sh names them.</summary>
    public string NodeDll { get; private init; } = "";

    public string EdgeDll { get; private init; } = "";

    public bool Help { get; private init; }

    /// <exception cref="ServerFailure">An option that isn't known, lacks its value, or has a wrong one.</exception>
    public static ServerArguments Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new ServerArguments();
        for (int i = 0; i < arguments.Count; i++)
        {
            string option = arguments[i];
            string? value = null;
            if (option.StartsWith("--", StringComparison.Ordinal) && option.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                (option, value) = (option[..equals], option[(equals + 1)..]);
            if (option is "--help" or "-h")
                return parsed with { Help = true };
            if (!Known.Contains(option))
                throw Wrong($"Unknown option: {option}");
            value ??= ++i < arguments.Count ? arguments[i] : throw Wrong($"{option} needs a value.");
            parsed = parsed.With(option, value);
        }
        return parsed.Complete();
    }

    private ServerArguments With(string option, string value) => option switch
    {
        "--http-port" => this with { HttpPort = Port(option, value) },
        "--grpc-port" => this with { GrpcPort = Port(option, value) },
        "--data" when value.Length == 0 => throw Wrong("--data needs a folder."),
        "--data" => this with { Data = Path.GetFullPath(value) },
        "--node" => this with { NodeDll = Program(option, value) },
        _ => this with { EdgeDll = Program(option, value) },
    };

    private ServerArguments Complete() =>
        HttpPort == GrpcPort ? throw Wrong($"--http-port and --grpc-port can't both be {HttpPort}.")
        : Data.Length == 0 || NodeDll.Length == 0 || EdgeDll.Length == 0
            ? throw Wrong("Start it with ./run.sh, which says where the programs are.")
        : this;

    private static int Port(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535
            ? port
            : throw Wrong($"{option} needs a port number from 1 to 65535, not '{value}'.");

    private static string Program(string option, string value) =>
        File.Exists(value) ? Path.GetFullPath(value) : throw Wrong($"{option}: {value} is not there. ./run.sh builds it.");

    private static ServerFailure Wrong(string message) => new(message, ServerFailure.Usage);
}

using Jobwatch.Client;
using Jobwatch.Shared;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>The process: settings, log, listener, and the connections to the nodes.</summary>
internal static class HostingSetup
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        builder.Services.AddEdgeOptions<EdgeOptions>();
        builder.Services.AddSingleton<IValidateOptions<EdgeOptions>, UnknownSettings>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, Listening>();
        builder.Services.AddSingleton<IConfigureOptions<SocketTransportOptions>, SocketSetup>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(NodeOf);
        builder.Services.AddSingleton(provider => new Departure(
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<EdgeOptions>>().Value.PreStopDelay));
        builder.Services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<Departure>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Logging.AddEdgeLog();
        return builder;
    }

    /// <summary>Options of the section <c>Edge</c>, held to their annotations before the edge listens.</summary>
    public static void AddEdgeOptions<TOptions>(this IServiceCollection services)
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>, AnnotationCheck<TOptions>>();
        services.AddOptions<TOptions>().BindConfiguration(Setting.Section).ValidateOnStart();
    }

    /// <summary>
    /// How long a node may be silent on a stream until the stream goes on at another one: no setting of its own, but three times what a
    /// node that is there is never silent for, and 60 s at least.
    /// </summary>
    public static TimeSpan SilenceLimit(TimeSpan heartbeatAfter) =>
        TimeSpan.FromTicks(Math.Max(TimeSpan.FromSeconds(60).Ticks, 3 * heartbeatAfter.Ticks));

    private static void AddEdgeLog(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning);
        // Of these the first tells nothing from Warning up, and the second what the stream says anyway. They would still make an activity
        // and a scope for each request, and a scope for each message.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddFilter("Grpc.Net.Client.Internal.GrpcCall", LogLevel.None);
        // A start that fails is told in one line by Startup; these two would tell it again with their stacks.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is LogLevel.Warning or LogLevel.Error);
    }

    private static JobwatchClient NodeOf(IServiceProvider services)
    {
        var edge = services.GetRequiredService<IOptions<EdgeOptions>>().Value;
        var streams = services.GetRequiredService<IOptions<Streaming.StreamingOptions>>().Value;
        return new JobwatchClient(new JobwatchClientOptions
        {
            Addresses = NodeAddressesAttribute.Parse(edge.NodeAddress),
            RetryFor = streams.ResumeFor,
            MaxBackoff = TimeSpan.FromSeconds(2),
            SilenceLimit = SilenceLimit(streams.HeartbeatAfter),
            TimeProvider = services.GetRequiredService<TimeProvider>(),
            LoggerFactory = services.GetRequiredService<ILoggerFactory>(),
        });
    }
}

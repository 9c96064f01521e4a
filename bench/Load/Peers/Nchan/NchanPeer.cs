using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.Nchan;

/// <summary>nginx with nchan: a channel a topic, its messages in shared memory, a worker for each core.</summary>
internal sealed class NchanPeer() : Peer("nchan")
{
    private const string Module = "/usr/lib/nginx/modules/ngx_nchan_module.so";

    public override string Lacks => "messages are kept in memory, for so long and so many as is set; an event a request";

    // What is slow would take long to send so much more than a watcher has.
    public override int Window => 500;

    // It takes one a request; as many requests are under way as for others.
    public override int Batch => 1;

    public override Watcher Watch(string topic) => new MarkedSseWatcher(Address, $"/watch?id={topic}");

    public override Publisher Publish(IReadOnlyList<string> topics, int underWay) =>
        new HttpPublisher(Address, [.. topics.Select(topic => $"/publish?id={topic}")], underWay, eventsOfRequest: 1);

    protected override Task<PeerProgram> LaunchAsync() => File.Exists(Module)
        ? PeerProgram.StartAsync("nginx", (folder, port) =>
        {
            var path = Path.Combine(folder, "nginx.conf");
            File.WriteAllText(path, Settings(folder, port));
            return ["-p", folder, "-e", "stderr", "-c", path];
        })
        : throw new FileNotFoundException("nginx's nchan module is not installed: bench/install-peers.sh does that.");

    private static string Settings(string folder, int port) => $$"""
        daemon off;
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        pid {{folder}}/nginx.pid;
        error_log stderr error;
        worker_processes 2;
        worker_rlimit_nofile 8192;
        load_module {{Module}};
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          keepalive_requests 1000000000;
          tcp_nodelay on;
          nchan_shared_memory_size 256M;
          server {
            listen 127.0.0.1:{{port}} reuseport;
            location = /publish {
              nchan_publisher;
              nchan_channel_id $arg_id;
              nchan_message_buffer_length 1000;
              nchan_message_timeout 5m;
            }
            location = /watch {
              nchan_subscriber eventsource;
              nchan_channel_id $arg_id;
              nchan_subscriber_first_message oldest;
            }
          }
        }
        """;
}

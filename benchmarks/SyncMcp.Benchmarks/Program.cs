using SyncMcp.Benchmarks;

return args switch
{
    ["replication", .. var rest] => await ReplicationBenchmark.RunAsync(rest),
    ["replication-worker", .. var rest] => await ReplicationWorker.RunAsync(rest),
    ["pairs", .. var rest] => await PairBenchmark.RunAsync(rest),
    ["pair-worker", .. var rest] => await PairWorker.RunAsync(rest),
    ["start", .. var rest] => await StartBenchmark.RunAsync(rest),
    ["http", .. var rest] => await HttpBenchmark.RunAsync(rest),
    ["http-host", .. var rest] => await HttpHosts.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        dotnet run -c Release --project benchmarks/SyncMcp.Benchmarks -- VERB
          replication [--rows N] [--rounds N]   whole processes: Replication by push-down and by batches beside the sqlite3 shell
          pairs [--rows N] [--rounds N] [--only PAIR]  CSV, SQLite and PostgreSQL beside sqlite3 and psql
          http [--rounds N] [--seconds N] [--only NAME]  calls a second over HTTP: ours from memory, an echo tool on the bare SDK, a bare endpoint
          start SYNCMCP ECHO-SERVER [--rounds N]  spawn to initialize and tools/list of two published programs
        """);
    return 2;
}

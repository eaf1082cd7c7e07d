using SyncMcp.Benchmarks;
using SyncMcp.Benchmarks.Bars;

return args switch
{
    ["replication", .. var rest] => await ReplicationBenchmark.RunAsync(rest),
    ["replication-worker", .. var rest] => await ReplicationWorker.RunAsync(rest),
    ["pairs", .. var rest] => await PairBenchmark.RunAsync(rest),
    ["pair-worker", .. var rest] => await PairWorker.RunAsync(rest),
    ["all", .. var rest] => await AllBenchmark.RunAsync(rest),
    ["stub", var jobs] => await StubSync.ServeAsync(int.Parse(jobs)),
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
          all [--programs FOLDER] [--rounds N] [--only PART]  every bar, on native programs (published into artifacts/ unless FOLDER has them)
        """);
    return 2;
}

using SyncMcp.Diagnosis;

namespace SyncMcp.Tests.Diagnosis;

/// <summary>Texts that servers, drivers and services really said (more in <see cref="ServerTexts"/>), each from a public thread that nobody here wrote.</summary>
public sealed class RulesTests
{
    [Theory]
    [InlineData("credentials_refused", "(psycopg2.OperationalError) connection to server at \"77b2833f-timescaledb\" (172.30.33.0), port 5432 failed: FATAL: password authentication failed for user \"postgres\"", "freol35241/ltss#212")]
    [InlineData("credentials_refused", "failed SASL auth (FATAL: password authentication failed for user \"postgres\" (SQLSTATE 28P01)). Retrying...", "fly-apps/postgres-flex#256")]
    [InlineData("credentials_refused", "FATAL:  Peer authentication failed for user \"oltp_read\"", "gtoonstra/etl-with-airflow#20")]
    [InlineData("credentials_refused", "[{\"message\":\"This session is not valid for use with the REST API\",\"errorCode\":\"INVALID_SESSION_ID\"}]", "NangoHQ/nango#4344")]
    [InlineData("credentials_refused", "Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session hash", "vdesabou/kafka-docker-playground#7669")]
    [InlineData("table_missing", "snowflake: failed to execute query: 002003 (02000): SQL compilation error: Schema 'SNOWFLAKE.ACCOUNT_USAGE' does not exist or not authorized.", "bytebase/bytebase#15733")]
    [InlineData("value_refused", "snowflake.connector.errors.ProgrammingError: 100038 (22018): 01aa153d: Numeric value 'id' is not recognized", "astronomer/astro-sdk#1708")]
    [InlineData("permission_denied", "Schema 'PUBLIC' already exists, but current role has no privileges on it. If this is unexpected and you cannot resolve this problem, contact your system administrator.", "airbytehq/airbyte#20343")]
    [InlineData("query_invalid", "1064 (42000): You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'RETURNING CHAR) as `NAME``", "airbytehq/airbyte#15965")]
    [InlineData("rate_limited", "Max bulk v2 query jobs (10000) per 24 hrs has been reached (10021).", "airbytehq/airbyte#26520")]
    [InlineData("rate_limited", "API Call limit is exceeded", "airbytehq/airbyte#26520")]
    [InlineData("locked", "2019-08-03 14:56:43 ERROR Error 1205: Lock wait timeout exceeded; try restarting transaction", "github/gh-ost#773")]
    [InlineData("locked", "ER_LOCK_DEADLOCK: Deadlock found when trying to get lock; try restarting transaction", "mozilla/fxa-auth-server#432")]
    [InlineData("key_duplicate", "ActiveRecord::StatementInvalid: Mysql2::Error: Duplicate entry '17486' for key 1: INSERT INTO `interventions`", "rubyrep/rubyrep#46")]
    [MemberData(nameof(ServerTexts.All), MemberType = typeof(ServerTexts))]
    public void A_text_is_classed(string cause, string text, string source) => Assert.True(cause == RunDiagnosis.Of(text)?.Id, $"{source}: {RunDiagnosis.Of(text)?.Id ?? "nothing"}");

    [Theory]
    [InlineData("")]
    [InlineData("Something went wrong in the connector. See the logs for more details.")]
    [InlineData("Copied 1205 rows into customers in 408 ms.")]
    [InlineData("internal_error: Object reference not set to an instance of an object.")]
    [InlineData("Finished with warnings.")]
    [MemberData(nameof(ServerTexts.Healthy), MemberType = typeof(ServerTexts))]
    public void What_no_rule_knows_is_unknown(string text) => Assert.Null(RunDiagnosis.Of(text));

    [Theory]
    [InlineData("ERROR 1205 (HY000): a wait was given up", "Copied 1205 rows.", "locked")]
    [InlineData("ERROR 40001: restart the transaction", "0 errors, 40001 rows", "locked")]
    [InlineData("HTTP 429 for /orders", "0 errors (429 ms)", "rate_limited")]
    [InlineData("SQLSTATE[42501]", "status 42501 rows behind", "permission_denied")]
    [InlineData("Deadlock found", "deadlock_history has 3 rows", "locked")]
    public void A_code_counts_where_it_is_called_one_and_a_count_does_not(string failed, string healthy, string cause)
    {
        Assert.Equal(cause, RunDiagnosis.Of(failed)?.Id);
        Assert.Null(RunDiagnosis.Of(healthy));
    }

    [Fact]
    public void Two_causes_in_one_run_are_both_found_and_what_only_follows_comes_last()
    {
        var found = RunDiagnosis.Of(
        [
            "Task invoices was not started because task orders failed.",
            "ERROR:  could not extend file \"base/16401/24613\": No space left on device",
            "Copied 1205 rows into error_log, 0 errors.",
            "FATAL: password authentication failed for user \"loader\"",
            "ERROR:  could not extend file \"base/16401/24614\": No space left on device",
        ]);

        Assert.Equal(["destination_full", "credentials_refused", "dependency_failed"], found.Select(one => one.Cause.Id));
        Assert.Equal([2, 1, 1], found.Select(one => one.Times));
        Assert.Contains("24614", found[0].Evidence[1], StringComparison.Ordinal);
    }
}

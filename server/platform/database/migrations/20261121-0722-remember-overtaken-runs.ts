import { addColumns, dropColumns, key, type Migration, nullable } from '../columns';

const INDEX = 'pipeline_runs_overtaken';

/** The execution that was at work before the latest: n8n may tell of its death after another took over. */
export const up: Migration = async (schema) => {
  await addColumns(schema, 'pipeline_runs', { overtaken_execution_id: nullable(key(255)) });
  await schema.sequelize.query(`CREATE INDEX ${INDEX} ON pipeline_runs (overtaken_execution_id)`);
};

export const down: Migration = async (schema) => {
  const mysql = schema.sequelize.getDialect() === 'mysql';
  await schema.sequelize.query(`DROP INDEX ${INDEX}${mysql ? ' ON pipeline_runs' : ''}`);
  await dropColumns(schema, 'pipeline_runs', ['overtaken_execution_id']);
};

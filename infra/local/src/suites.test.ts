import { MongoClient } from 'mongodb'
import { afterAll, expect, test } from 'vitest'
import { answersKafka } from './kafka.ts'
import { describeKafka, describeMongo } from './suites.ts'

describeMongo('a suite that needs MongoDB', ({ url, database }) => {
  const client = new MongoClient(url)
  afterAll(() => client.close())

  test('has an empty database and transactions', async () => {
    const db = client.db(database)
    expect(await db.listCollections().toArray()).toEqual([])
    await client.withSession(session =>
      session.withTransaction(() => db.collection('notes').insertOne({}, { session })),
    )
    expect(await db.collection('notes').countDocuments()).toBe(1)
  })
})

describeKafka('a suite that needs Kafka', ({ brokers }) => {
  test('has a broker that answers', async () => {
    const [host = '', port] = brokers.split(':')
    expect(await answersKafka(host, Number(port))).toBe(true)
  })
})
